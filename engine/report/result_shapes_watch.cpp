// A finding of `watch` in results, and in the messages that it sends.
#include "engine/report/result_shapes.hpp"

namespace fairway::report::shape {

void define_watched(Json& definitions) {
    const Json text = type("string"), number = type("integer");
    definitions["watched"] = map({{"finding", number},
                                  {"sort", one_of({"value", "estate", "unread", "audit"})},
                                  {"object", text},
                                  {"sid", text},
                                  {"kind", one_of({"host", "computer", ""})},
                                  {"setting", text},
                                  {"rule", text},
                                  {"severity", one_of({"low", "medium", "high", "critical"})},
                                  {"because", text},
                                  {"held", text},
                                  {"wanted", text},
                                  {"since", text},
                                  {"seen", text},
                                  {"ended", nullable("string")},
                                  {"how_ended", {{"enum", {"complies", "excepted", "absent", "not_asked", nullptr}}}},
                                  {"whose", one_of({"ours", "somebody else", "unknown"})},
                                  {"whose_because", text},
                                  {"run", text},
                                  {"who", text},
                                  {"ticket", text},
                                  {"controller", text},
                                  {"changed", nullable("string")}});
}

}  // namespace fairway::report::shape
