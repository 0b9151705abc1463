"""The table of a simulation per slot."""

import dataframely as dy


class SlotEstimates(dy.Schema):
    """A simulation per slot, in order; each measure with its 95% interval.

    Counts are contacts that arrived in the slot. `within` are answered within the
    threshold; `mean_wait_s` is over all offered; `occupancy` the share of the agents'
    time in the slot spent on contacts. A mean is null where nothing came.
    """

    slot = dy.Int64(primary_key=True, min=0)
    offered = dy.Float64(nullable=False, min=0)
    offered_low = dy.Float64(nullable=False)
    offered_high = dy.Float64(nullable=False)
    answered = dy.Float64(nullable=False, min=0)
    answered_low = dy.Float64(nullable=False)
    answered_high = dy.Float64(nullable=False)
    abandoned = dy.Float64(nullable=False, min=0)
    abandoned_low = dy.Float64(nullable=False)
    abandoned_high = dy.Float64(nullable=False)
    within = dy.Float64(nullable=False, min=0)
    within_low = dy.Float64(nullable=False)
    within_high = dy.Float64(nullable=False)
    within_share = dy.Float64(nullable=True, min=0, max=1)
    within_share_low = dy.Float64(nullable=True)
    within_share_high = dy.Float64(nullable=True)
    mean_wait_s = dy.Float64(nullable=True, min=0)
    mean_wait_s_low = dy.Float64(nullable=True)
    mean_wait_s_high = dy.Float64(nullable=True)
    occupancy = dy.Float64(nullable=True, min=0)
    occupancy_low = dy.Float64(nullable=True)
    occupancy_high = dy.Float64(nullable=True)
