"""The window. Everything in this package lives on the GUI thread, except what `jobs.Jobs` runs for it."""
