"""The countries of the project, by their two letters; names are translated when shown."""

from mtd_learning.errors import N_

COUNTRIES: dict[str, str] = {
    "BE": N_("Belgium"),
    "CY": N_("Cyprus"),
    "CZ": N_("Czechia"),
    "FI": N_("Finland"),
    "DE": N_("Germany"),
    "GR": N_("Greece"),
    "IT": N_("Italy"),
    "NL": N_("Netherlands"),
    "PT": N_("Portugal"),
    "SK": N_("Slovakia"),
    "SI": N_("Slovenia"),
    "ES": N_("Spain"),
}

# What a form says for everywhere else; a table keeps no country then.
OTHER = "other"
OTHER_NAME = N_("Another country")


def country_name(code: str | None) -> str:
    """Return the English name of a country, to be translated where it is shown."""
    return COUNTRIES.get(code or "", OTHER_NAME)
