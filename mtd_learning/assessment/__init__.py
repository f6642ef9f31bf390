"""What a question is: judged, drawn, walked; pure."""
