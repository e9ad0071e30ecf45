"""`python -m sightline.cli` is the same as `sightline`."""

from sightline.cli.main import main

main()
