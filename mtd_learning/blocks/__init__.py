"""XBlocks and the machine that runs them; it knows neither Flask nor a database."""
