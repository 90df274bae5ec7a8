"""The command line: profiles, keyring and settings are the same as the window's.

`main` runs one command and turns what goes wrong into one line and an exit code; `arguments` says what there is to
type. Each group of commands is a module (`profiles`, `get_token`, `hand_out`, `example`, `endpoints` …) that is
imported when one of its commands runs, so that `list` costs little more than Python itself.
"""
