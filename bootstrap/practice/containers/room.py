"""The containers room: there only while the plugin `containers` is loaded."""

from bootstrap.practice.http.rooms import Room

room = Room("containers", plugin="containers")
