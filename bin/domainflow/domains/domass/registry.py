"""List the engines that run the DOMASS network, by name (DPAM step 16)."""

from domainflow.domains.domass.network import DomassEngine, probabilities
from domainflow.domains.domass.tensorflow import probabilities as probabilities_by_tensorflow

__all__ = ["DOMASS_ENGINES"]

DOMASS_ENGINES: dict[str, DomassEngine] = {"numpy": probabilities, "tensorflow": probabilities_by_tensorflow}
