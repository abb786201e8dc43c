"""Faces: web, command line, JSON. They show, ask and call one verb; they hold no rule."""
