"""A block as others write it: mutable fields, a JSON handler, a script with arguments."""

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Boolean, Integer, List, Scope, String


@XBlock.wants("user", "replace_urls")
class PebbleBlock(XBlock):
    """Counts pebbles."""

    display_name = String(default="Jar", scope=Scope.settings)
    colour = String(default="grey", scope=Scope.content)
    kinds = List(default=[], scope=Scope.content)
    picture = String(default="", scope=Scope.content)
    lid = Boolean(default=False, scope=Scope.content)
    pebbles = Integer(default=0, scope=Scope.user_state)
    all_pebbles = Integer(default=0, scope=Scope.user_state_summary)

    def student_view(self, context=None):
        """Show the jar; a careless one changes what its author wrote."""
        if self.colour == "careless":
            self.kinds.append("seen")
        user = self.runtime.service(self, "user").get_current_user()
        made = Fragment(
            f"<p>{self.display_name}: {self.pebbles} of {self.all_pebbles}</p>"
            f"<p class='who'>{user.full_name}|{','.join(user.emails)}</p>"
            f"<p class='where'>{self.course_id} {self.location.block_id} {self.category}</p>"
        )
        urls = self.runtime.service(self, "replace_urls")
        made.content += urls.replace_urls(self.picture)
        made.add_javascript_url(self.runtime.local_resource_url(self, "public/pebble.js"))
        made.initialize_js("Pebble", {"colour": self.colour})
        return made

    @XBlock.json_handler
    def put(self, data, suffix=""):
        """Put pebbles into the jar."""
        self.pebbles += int(data["count"])
        self.all_pebbles += int(data["count"])
        self.runtime.publish(self, "grade", {"value": self.pebbles, "max_value": 3})
        return {"pebbles": self.pebbles}
