"""What a course is: read, layered, checked and compiled, without Flask and without a database."""
