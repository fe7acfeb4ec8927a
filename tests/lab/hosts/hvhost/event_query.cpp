// A reader of characters from left to right; each function takes what it can name or throws.
#include "event_query.hpp"

#include <cctype>
#include <charconv>
#include <ctime>

#include "cim.hpp"
#include "fault.hpp"
#include "xml.hpp"

namespace lab {
namespace {

using std::chrono::system_clock;

// How two numbers must stand to each other.
using Relation = bool (*)(std::int64_t, std::int64_t);

class XPath {
public:
    explicit XPath(std::string_view text) : rest_(text) {}

    EventTest whole() {
        if (!accept("*") && !accept("Event")) fail("* or Event");
        EventTest test = [](const Event&) { return true; };
        while (accept("[")) {
            expect("System");
            expect("[");
            test = both(test, any());
            expect("]");
            expect("]");
        }
        skip();
        if (!rest_.empty()) fail("the end");
        return test;
    }

private:
    static EventTest both(EventTest a, EventTest b) {
        return [a = std::move(a), b = std::move(b)](const Event& event) { return a(event) && b(event); };
    }

    EventTest any() {
        auto test = every();
        while (accept_word("or")) {
            test = [a = std::move(test), b = every()](const Event& event) { return a(event) || b(event); };
        }
        return test;
    }

    EventTest every() {
        auto test = one();
        while (accept_word("and")) test = both(std::move(test), one());
        return test;
    }

    EventTest one() {
        if (accept("(")) {
            auto test = any();
            expect(")");
            return test;
        }
        if (accept_word("EventID")) return number([](const Event& event) { return std::int64_t{event.id}; });
        if (accept_word("Level")) return number([](const Event& event) { return std::int64_t{event.level}; });
        if (accept_word("EventRecordID")) {
            return number([](const Event& event) { return static_cast<std::int64_t>(event.record); });
        }
        if (accept_word("Provider")) return inside(&XPath::provider);
        if (accept_word("TimeCreated")) return inside(&XPath::time);
        fail("an element of System");
    }

    // [ … and …] of attributes.
    EventTest inside(EventTest (XPath::*part)()) {
        expect("[");
        auto test = (this->*part)();
        for (;;) {
            if (accept_word("and")) {
                test = both(std::move(test), (this->*part)());
            } else if (accept_word("or")) {
                test = [a = std::move(test), b = (this->*part)()](const Event& event) { return a(event) || b(event); };
            } else {
                break;
            }
        }
        expect("]");
        return test;
    }

    EventTest provider() {
        expect("@Name");
        expect("=");
        return [name = quoted()](const Event& event) { return same_name(event.provider, name); };
    }

    EventTest time() {
        using std::chrono::duration_cast;
        using std::chrono::milliseconds;
        if (accept_word("timediff")) {
            expect("(");
            expect("@SystemTime");
            expect(")");
            return number([](const Event& event) {
                return std::int64_t{duration_cast<milliseconds>(system_clock::now() - event.when).count()};
            });
        }
        expect("@SystemTime");
        const auto holds = relation();
        const auto moment = instant(quoted());
        return [holds, moment](const Event& event) {
            return holds(duration_cast<milliseconds>(event.when - moment).count(), 0);
        };
    }

    EventTest number(std::function<std::int64_t(const Event&)> of) {
        const auto holds = relation();
        skip();
        std::int64_t wanted = 0;
        const auto [end, wrong] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), wanted);
        if (wrong != std::errc{}) fail("a number");
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return [of = std::move(of), holds, wanted](const Event& event) { return holds(of(event), wanted); };
    }

    Relation relation() {
        if (accept("!=")) return [](std::int64_t a, std::int64_t b) { return a != b; };
        if (accept("<=")) return [](std::int64_t a, std::int64_t b) { return a <= b; };
        if (accept(">=")) return [](std::int64_t a, std::int64_t b) { return a >= b; };
        if (accept("=")) return [](std::int64_t a, std::int64_t b) { return a == b; };
        if (accept("<")) return [](std::int64_t a, std::int64_t b) { return a < b; };
        if (accept(">")) return [](std::int64_t a, std::int64_t b) { return a > b; };
        fail("a comparison");
    }

    // 2026-11-22T18:00:00[.fff]Z; other zones are not written by Windows.
    system_clock::time_point instant(const std::string& text) {
        std::tm parts{};
        const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
        if (rest == nullptr) fail("a time");
        auto moment = system_clock::from_time_t(::timegm(&parts));
        if (*rest == '.') {
            double fraction = 0;
            const char* end = text.c_str() + text.size();
            const auto [stop, wrong] = std::from_chars(rest, end, fraction);
            if (wrong != std::errc{}) fail("a fraction of a second");
            moment += std::chrono::milliseconds(static_cast<std::int64_t>(fraction * 1000));
            rest = stop;
        }
        if (std::string_view(rest) != "Z") fail("a time in UTC");
        return moment;
    }

    std::string quoted() {
        skip();
        if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) fail("a quoted text");
        const auto end = rest_.find(rest_.front(), 1);
        if (end == std::string_view::npos) fail("the end of a quoted text");
        std::string text(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
        return text;
    }

    void skip() {
        while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0) rest_.remove_prefix(1);
    }

    bool accept(std::string_view sign) {
        skip();
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(sign.size());
        return true;
    }

    // `or` must not be taken off the front of `organisation`.
    bool accept_word(std::string_view word) {
        skip();
        if (!rest_.starts_with(word)) return false;
        const auto after = rest_.substr(word.size());
        if (!after.empty() && std::isalnum(static_cast<unsigned char>(after.front())) != 0) return false;
        rest_ = after;
        return true;
    }

    void expect(std::string_view sign) {
        if (!accept(sign)) fail(sign);
    }

    [[noreturn]] void fail(std::string_view wanted) {
        throw faults::bad_query("Expected " + std::string(wanted) + " before: " + std::string(rest_));
    }

    std::string_view rest_;
};

}  // namespace

EventTest parse_event_xpath(std::string_view text) { return XPath(text).whole(); }

std::vector<EventSelect> read_query_list(const pugi::xml_node& list) {
    std::vector<EventSelect> selects;
    for (const auto query : elements_of(list)) {
        if (name_of(query).local != "Query") throw faults::bad_query("A QueryList holds Query elements.");
        for (const auto select : elements_of(query)) {
            if (name_of(select).local != "Select") throw faults::bad_query("Only Select is understood in a Query.");
            std::string channel = select.attribute("Path").value();
            if (channel.empty()) channel = query.attribute("Path").value();
            if (channel.empty()) throw faults::bad_query("A Select names no channel.");
            selects.push_back({channel, parse_event_xpath(trimmed(text_of(select)))});
        }
    }
    if (selects.empty()) throw faults::bad_query("The QueryList selects nothing.");
    return selects;
}

}  // namespace lab
