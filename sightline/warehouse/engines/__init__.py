"""The port through which tables are read, expressions answered, and answers written.

One expression, two engines: DuckDB inside the process, and Spark, on this machine or on a cluster.
Nothing outside `warehouse` opens either. Importing this costs a second and a half (Ibis), so import
it where it is used, in a job or a command.
"""

from sightline.warehouse.engines.port import ENGINES, Engine, engine

__all__ = ["ENGINES", "Engine", "engine"]
