// Is every finding a test result of the right kind, in XML that is well-formed whatever the words are?
#include "engine/forms/junit.hpp"
#include "engine/base/json.hpp"

#include <doctest/doctest.h>

namespace fairway::junit_test {

TEST_CASE("junit: a verdict decides whether a case passed, failed, was skipped, or is an error") {
    Json result = {{"command", "audit"}, {"estate", "e"}, {"all_read", true}, {"findings", Json::array()}};
    for (const char* verdict : {"compliant", "drifted", "excepted", "absent", "conflict", "unreadable", "unknown"})
        result["findings"].push_back({{"object", "HV01"},
                                      {"setting", verdict},
                                      {"rule", "r"},
                                      {"verdict", verdict},
                                      {"severity", "high"},
                                      {"because", "why"}});
    const std::string text = forms::junit(result);
    CHECK(text.find("<testsuites name=\"fairway audit\" tests=\"8\" failures=\"2\" errors=\"2\">") !=
          std::string::npos);
    CHECK(text.find("<testsuite name=\"HV01\" tests=\"7\" failures=\"2\" errors=\"2\" skipped=\"2\"") !=
          std::string::npos);
    CHECK(text.find("name=\"compliant (r)\"/>") != std::string::npos);
    CHECK(text.find("name=\"drifted (r)\"><failure type=\"high\" message=\"why\">why</failure>") != std::string::npos);
    CHECK(text.find("name=\"excepted (r)\"><skipped>why</skipped>") != std::string::npos);
    CHECK(text.find("name=\"unknown (r)\"><error type=\"unknown\"") != std::string::npos);
}

TEST_CASE("junit: words are text, and what XML has no characters for is written out") {
    const std::string text = forms::junit(
        {{"command", "audit"}, {"error", {{"code", "c"}, {"text", "<a&\"]]>\x01\n\xef\xbf\xbe\xef\xbf\xbf\u202e"}}}});
    CHECK(text.find("&lt;a&amp;&quot;]]&gt;\\x01\\x0a\\u{fffe}\\u{ffff}\\u{202e}</error>") != std::string::npos);
}

}  // namespace fairway::junit_test
