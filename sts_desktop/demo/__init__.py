"""The program against an AWS that is not there, for people without an account and for tests.

Two halves. The server half has no Qt: an STS on the loopback interface (`embedded_sts`) that checks what AWS checks
and refuses in AWS's words, and lists buckets as S3 does; it also runs as a process of its own (`python -m
sts_desktop.demo`). The window half shows the program in a throwaway home, with a strip for the current MFA code and
switches for the faults of `control`.
"""
