"""`musclemap fetch`: published models by name, checked and put where musclemap looks for them.

The only part of musclemap that opens a connection. It is a program of its own on Python's standard library alone: no
other part imports it, and it imports none of them.
"""
