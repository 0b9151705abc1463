"""The tables of the database."""

from forecasting.records.batches import (
    BatchCountRecord,
    BatchFateRecord,
    BatchRecord,
    BatchReferenceRecord,
    BatchStepRecord,
)
from forecasting.records.ledger import (
    AdjustmentRecord,
    AuditHead,
    AuditRecord,
    Base,
    EventRecord,
    ExclusionRecord,
    ImportRecord,
    Note,
    PartRecord,
    RetentionRecord,
    RosterRecord,
    RosterStepRecord,
    RunRecord,
    UtcDateTime,
)
from forecasting.records.steering import BoardLineRecord, KeptStandardRecord

__all__ = [
    "AdjustmentRecord",
    "AuditHead",
    "AuditRecord",
    "Base",
    "BatchCountRecord",
    "BatchFateRecord",
    "BatchRecord",
    "BatchReferenceRecord",
    "BatchStepRecord",
    "BoardLineRecord",
    "EventRecord",
    "ExclusionRecord",
    "ImportRecord",
    "KeptStandardRecord",
    "Note",
    "PartRecord",
    "RetentionRecord",
    "RosterRecord",
    "RosterStepRecord",
    "RunRecord",
    "UtcDateTime",
]
