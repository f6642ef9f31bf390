"""What was written and what is read: files, revisions, editions."""
