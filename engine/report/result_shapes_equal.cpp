// The shapes of what results say once of many objects. See result_shapes.hpp.
#include "engine/report/result_shapes.hpp"

namespace fairway::report::shape {

void define_equal(Json& out) {
    const Json text = type("string"), number = type("integer");
    // What does not comply, as it is shown to people: equal findings once.
    out["equal_finding"] = map({{"verdict", one_of({"drifted", "excepted", "conflict", "absent"})},
                                {"severity", one_of({"low", "medium", "high", "critical"})},
                                {"kind", kinds()},
                                {"setting", text},
                                {"rule", text},
                                {"because", text},
                                {"objects", list(text)},
                                {"line", number, false},
                                {"file", text, false}});
    // The changes of a phase that are equal but for their object; the cmdlet is the first one's.
    out["equal_change"] = map({{"phase", text},
                               {"kind", kinds()},
                               {"setting", text},
                               {"sign", one_of({"+", "-", "~"})},
                               {"transition", text},
                               {"risk", ref("risk")},
                               {"because", text},
                               {"undo", text},
                               {"rules", list(text)},
                               {"cmdlet", text},
                               {"objects", list(text)}});
}

}  // namespace fairway::report::shape
