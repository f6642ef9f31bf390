"""What is kept of people, for which purpose and for how long."""
