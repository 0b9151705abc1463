"""The counts of a batch as they may be told, approved or not."""

import polars as pl

from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.drafting_batch import Draft
from staffing.reminders.batches.shown import Shown, shown


def counts_told(
    workspace: Workspace,
    fates: pl.DataFrame,
    quotas: pl.DataFrame | None,
    threshold: int,
) -> Shown:
    """Typed `BatchFates` and `BatchCounts` without what is below a threshold.

    `quotas` is None where references are handed out.
    """
    known = {*services_named(workspace).values(), *fates["service"]}
    return shown(fates, quotas, services=sorted(known), threshold=threshold)


def told_of_draft(workspace: Workspace, draft: Draft) -> Shown:
    """What the batch would tell once it is approved: the same numbers."""
    few = draft.terms.small_cell
    return counts_told(workspace, draft.fates, draft.counts, few)


def services_named(workspace: Workspace) -> dict[str, str]:
    """Services whose documents expire, by every name a registry may give them."""
    return {
        name.lower(): service.id
        for service in store.catalogue(workspace).service
        if service.expires
        for name in (service.id, service.name_nl, service.name_en, service.upl or "")
        if name
    }
