"""python -m matcalc"""

from .commands.cli import main

main()
