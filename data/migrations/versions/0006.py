"""What a batch was approved with, so that a later setting changes nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the terms; of batches approved before they are not known."""
    op.add_column("batches", sa.Column("terms", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget them: batches follow the settings of the day."""
    with op.batch_alter_table("batches") as batches:
        batches.drop_column("terms")
