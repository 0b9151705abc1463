"""An instance with some of its fields changed."""

from staffing.roster.instance import Instance


def renewed(instance: Instance, **changes: object) -> Instance:
    """A new instance; what the old one worked out and kept is left behind."""
    told = {name: getattr(instance, name) for name in Instance.model_fields}
    return Instance.model_validate({**told, **changes})
