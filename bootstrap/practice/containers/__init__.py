"""The Container Service: server, images, commands, enablement, launches, orchestrations. There only with its plugin."""
