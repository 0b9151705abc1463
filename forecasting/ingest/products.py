"""Every product and service that a mapping speaks of must stand in the catalogue."""

from pathlib import Path

from forecasting.catalogue import Catalogue
from forecasting.errors import PolicyError
from forecasting.ingest.mapping import SourceMapping
from forecasting.policy import load_policy


def check_products(config: Path, source: str, mapping: SourceMapping) -> None:
    """Compare the products and services a mapping makes with those of the catalogue.

    Raises:
        PolicyError: a product is no `service/step/channel` of the catalogue, or a
            service none of its services.
    """
    products, services = _made(mapping, "product"), _made(mapping, "service")
    if not products and not services:
        return
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    unknown = [name for name in products if not _is_known(name, catalogue)]
    strange = [name for name in services if name not in catalogue.services]
    for name in (*unknown, *strange):
        what = "service/step/channel" if name in unknown else "service"
        raise PolicyError(
            f"{config / 'sources' / source}.toml: expected {what} of "
            f"the catalogue, came '{name}'. Mend it, or add it to catalogue.toml."
        )


def _made(mapping: SourceMapping, field: str) -> list[str]:
    """The texts that a mapping itself puts into a field."""
    given = mapping.fields.get(field)
    made = [*given.meanings] if given else []
    made += [mapping.constants[name] for name in mapping.constants if name == field]
    return [str(name) for name in made]


def _is_known(product: str, catalogue: Catalogue) -> bool:
    parts = product.split("/")
    if len(parts) != 3:
        return False
    step = catalogue.find_step(parts[0], parts[1])
    return step is not None and parts[2] in step.channels
