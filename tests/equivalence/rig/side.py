"""One side of a case: the application as it was written, or as it was refactored, with emulators of its own."""

from emulators import Emulators
from functions import Functions
from gateway import Gateway
from lambdas import Lambdas
from world import World


class Side:
    """The emulators stay; the application changes from case to case."""

    def __init__(self, cache, templates):
        self.templates = templates
        self.lambdas = Lambdas()
        self.emulators = Emulators(cache, self.lambdas.port)
        self.functions = None

    def deploy(self, stack):
        """Builds what the stack describes, empty."""
        self.leave()
        self.world = World(stack, self.emulators)
        self.functions = self.lambdas.functions = Functions(stack, self.emulators.environment)
        self.gateway = Gateway(stack, self.functions, self.templates, self.emulators.address)

    def leave(self):
        if self.functions:
            self.functions.close()
            self.functions = None

    def close(self):
        self.leave()
        self.emulators.close()
        self.lambdas.close()
