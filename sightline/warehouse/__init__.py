"""Where analytic tables are: loads, builds, publishing, and the engines behind one port.

Owns: build files, the DuckDB and Spark engines. Nothing else opens them.
Must not know: what the tables mean. Empty until the outcomes work needs it.
"""
