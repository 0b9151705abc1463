"""Read files as they come into typed tables, by the mapping of their source."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.ingest.importing import import_file
    from forecasting.ingest.kinds.contact_targets import CONTACT_TARGETS
    from forecasting.ingest.kinds.registry_targets import REGISTRY_TARGETS
    from forecasting.ingest.mapping import SourceMapping, load_mapping
    from forecasting.ingest.outcome import ImportResult
    from forecasting.ingest.preview import check_file
    from forecasting.ingest.proposals.proposing import propose_mapping
    from forecasting.ingest.stripping import strip_file


__all__ = [
    "CONTACT_TARGETS",
    "REGISTRY_TARGETS",
    "ImportResult",
    "SourceMapping",
    "check_file",
    "import_file",
    "load_mapping",
    "propose_mapping",
    "strip_file",
]

__getattr__ = lazily(
    __name__,
    {
        "CONTACT_TARGETS": "kinds.contact_targets",
        "REGISTRY_TARGETS": "kinds.registry_targets",
        "ImportResult": "outcome",
        "SourceMapping": "mapping",
        "check_file": "preview",
        "import_file": "importing",
        "load_mapping": "mapping",
        "propose_mapping": "proposals.proposing",
        "strip_file": "stripping",
    },
)
