"""Run the migrations on the connection that registry/store/schema.py hands over."""

from alembic import context

from registry.store.tables.base import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
