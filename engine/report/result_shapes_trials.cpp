// See result_shapes.hpp.
#include "engine/report/result_shapes.hpp"

namespace fairway::report::shape {

void define_trials(Json& out) {
    const Json text = type("string"), number = type("integer"), yes = type("boolean");
    out["trial"] = map({{"vm", text},
                        {"id", text, false},
                        {"from", text},
                        {"to", text},
                        {"storage", yes},
                        {"home", yes},
                        {"moved", yes},
                        {"stage", one_of({"preparing", "checking", "moving", "arriving", "proved"})},
                        {"error", text, false},
                        {"hint", text, false},
                        {"check", text, false},
                        {"job", text, false},
                        {"states", list(text), false},
                        {"took_ms", number, false},
                        {"blackout_ms", number, false},
                        {"transport", one_of({"tcpip", "compression", "smb"}), false},
                        {"disks", number, false},
                        {"paths", list(text), false},
                        {"why", ref("why_failed"), false},
                        {"vm_at", list(ref("seat")), false},
                        {"done", list(text), false}});
    out["why_failed"] = map(
        {{"conditions",
          list(map({{"name", text}, {"evidence", text}, {"fix", map({{"object", text}, {"setting", text}}), false}}))},
         {"code", nullable("string")},
         {"cause",
          {{"anyOf", {map({{"id", text}, {"says", text}, {"fix", text}, {"evidence", list(text)}}), type("null")}}}},
         {"events",
          list(map({{"computer", text}, {"channel", text}, {"id", number}, {"time", text}, {"codes", list(text)}}))},
         {"events_unread", list(text)}});
    out["seat"] = map({{"host", text},
                       {"there", yes, false},
                       {"running", yes, false},
                       {"planned", yes, false},
                       {"unread", text, false}});
}

}  // namespace fairway::report::shape
