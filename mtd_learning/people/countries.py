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

# Where the capital's clock stands, by its name in the tz database.
ZONES = {
    "BE": "Europe/Brussels",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "FI": "Europe/Helsinki",
    "DE": "Europe/Berlin",
    "GR": "Europe/Athens",
    "IT": "Europe/Rome",
    "NL": "Europe/Amsterdam",
    "PT": "Europe/Lisbon",
    "SK": "Europe/Bratislava",
    "SI": "Europe/Ljubljana",
    "ES": "Europe/Madrid",
}

# What a form says for everywhere else; a table keeps no country then.
OTHER = "other"
OTHER_NAME = N_("Another country")
