"""Hold the whole database against the log, and name the first row that is not what was written."""
