"""The site where people answer: a short chain of its own, with no session and no account.

Owns: the pages under `/s/`, their words, style and script. Reads and writes answers through
`services.answering` alone. Must not know: who is signed in; nobody is.
"""
