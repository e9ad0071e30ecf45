"""Where analytic tables are: reading files, loads, builds, and the engines behind one port.

Owns: what a file is and the rows in it, build files, the DuckDB and Spark engines. Nothing else
opens them.
Must not know: what the tables mean, who sent a file, what becomes of its rows.
"""
