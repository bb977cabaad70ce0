"""Who and what there is: authorities, clients, people and the catalog."""
