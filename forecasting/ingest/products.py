"""Every product that a mapping speaks of must stand in the catalogue."""

from pathlib import Path

from forecasting.catalogue import Catalogue
from forecasting.errors import PolicyError
from forecasting.ingest.mapping import SourceMapping
from forecasting.policy import load_policy


def check_products(config: Path, source: str, mapping: SourceMapping) -> None:
    """Compare the products a mapping makes with the catalogue's steps and channels.

    Raises:
        PolicyError: a product is no `service/step/channel` of the catalogue.
    """
    given = mapping.fields.get("product")
    made = [*given.values.values()] if given else []
    made += [mapping.constants[name] for name in mapping.constants if name == "product"]
    if not made:
        return
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    for product in made:
        if not _is_known(str(product), catalogue):
            raise PolicyError(
                f"{config / 'sources' / source}.toml: expected service/step/channel of "
                f"the catalogue, came '{product}'. Mend it, or add it to catalogue.toml."
            )


def _is_known(product: str, catalogue: Catalogue) -> bool:
    parts = product.split("/")
    if len(parts) != 3:
        return False
    step = catalogue.find_step(parts[0], parts[1])
    return step is not None and parts[2] in step.channels
