"""Groups of a classification: T-groups (topology), the homologous groups they belong to, and X-groups above these.

In ECOD a T-group ``X.H.T`` says it by its name. Others, such as CATH's superfamilies, do not: for these the reference
has a column of homologous groups.
"""

from collections.abc import Mapping

__all__ = ["BY_NAME", "h_group_of", "x_group_of"]

BY_NAME: Mapping[str, str] = {}
"""No T-group whose homologous group is not the first two fields of its name."""


def h_group_of(t_group: str, h_groups: Mapping[str, str] = BY_NAME) -> str:
    """Homologous group of a T-group.

    Parameters
    ----------
    t_group : str
    h_groups : mapping of T-group to homologous group
        As the reference has them; of a T-group that is not in it, the first two fields are taken.

    Examples
    --------
    >>> h_group_of("11.1.3")
    '11.1'
    >>> h_group_of("3.40.50.720", {"3.40.50.720": "3.40.50.720"})
    '3.40.50.720'
    """
    return h_groups.get(t_group) or ".".join(t_group.split(".")[:2])


def x_group_of(group: str) -> str:
    """X-group of a homologous group or T-group: its first field.

    Examples
    --------
    >>> x_group_of("11.1.3")
    '11'
    """
    return group.partition(".")[0]
