"""Read files as they come into typed tables, by the mapping of their source."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.ingest.contact_targets import CONTACT_TARGETS
    from forecasting.ingest.importing import ImportResult, import_file
    from forecasting.ingest.mapping import SourceMapping, load_mapping
    from forecasting.ingest.preview import check_file, strip_file

__all__ = [
    "CONTACT_TARGETS",
    "ImportResult",
    "SourceMapping",
    "check_file",
    "import_file",
    "load_mapping",
    "strip_file",
]

__getattr__ = lazily(
    __name__,
    {
        "CONTACT_TARGETS": "contact_targets",
        "ImportResult": "importing",
        "SourceMapping": "mapping",
        "check_file": "preview",
        "import_file": "importing",
        "load_mapping": "mapping",
        "strip_file": "preview",
    },
)
