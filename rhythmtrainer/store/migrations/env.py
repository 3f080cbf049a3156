"""Runs the steps on the connection that `rhythmtrainer.store.database` hands over."""

from alembic import context

from rhythmtrainer.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can change a column only by copying its table.
    render_as_batch=True,
    # All steps happen in the transaction that the caller has begun, or none does.
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
