"""Our use of the OS keyring: access keys and session credentials, whole or absent.

The only importer of `keyring`, `secretstorage` and `jeepney`, always inside functions. `vault` is what the rest of the
program calls; below it stand, from the outside in:

    vault                 access keys and session credentials by our own ids
    records               those values as text and back
    keyring_thread        one thread for all calls, a limit for each
    parts                 texts of any size in items of bounded size
    manifest              where those parts lie, and reading them
    store                 the contract for one item; the store in memory
    keyring_store         the same contract on an OS keyring
    item_names            how its items are named there
    backends              which keyring: an allow-list, chosen once
    secret_service        whether the freedesktop.org Secret Service is there, and whose it is
    secret_service_items  its items, on one connection
    session_bus           where D-Bus is, for a process whose environment does not say
    quick_read            one session from it, for a command that has no time for python-keyring
    faults                what keyring libraries raise, as errors a person can act on
    errors                those errors
"""
