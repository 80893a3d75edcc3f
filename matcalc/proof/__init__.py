from ..lazy import lazy_modules

lazy_modules(__name__, "joint_structure", "selected")
