"""Groups of a classification: T-groups (topology), the homologous groups they belong to, and X-groups above these.

In ECOD the name of a T-group, ``X.H.T``, names its homologous group and its X-group. Names of other classifications,
such as CATH's superfamilies, do not. For these the reference has a column of homologous groups.
"""

from collections.abc import Mapping

__all__ = ["BY_NAME", "h_group_of", "x_group_of"]

BY_NAME: Mapping[str, str] = {}
"""The mapping for ECOD: every homologous group is the first two fields of the T-group's name."""


def h_group_of(t_group: str, h_groups: Mapping[str, str] = BY_NAME) -> str:
    """Return the homologous group of a T-group.

    Parameters
    ----------
    t_group : str
    h_groups : mapping of T-group to homologous group
        From the reference. For a T-group without an entry, the first two fields of its name are returned.

    Examples
    --------
    >>> h_group_of("11.1.3")
    '11.1'
    >>> h_group_of("3.40.50.720", {"3.40.50.720": "3.40.50.720"})
    '3.40.50.720'
    """
    return h_groups.get(t_group) or ".".join(t_group.split(".")[:2])


def x_group_of(group: str) -> str:
    """Return the X-group of a homologous group or T-group: its first field.

    Examples
    --------
    >>> x_group_of("11.1.3")
    '11'
    """
    return group.partition(".")[0]
