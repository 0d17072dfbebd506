"""Tags and filters of the portal's templates: ``{% load portal %}``."""
