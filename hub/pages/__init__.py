"""Pages for people: HTML and styles, no script needed."""
