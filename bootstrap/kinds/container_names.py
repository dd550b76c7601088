"""What the Container Service is called among the plugins."""

CONTAINER_SERVICE = "containers"
