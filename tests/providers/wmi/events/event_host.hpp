// A host's event log that plays its answers one after the other, whatever it is asked, and writes down what that was.
#pragma once

#include <deque>
#include <doctest/doctest.h>
#include <functional>
#include <string>

#include "providers/wmi/events/events.hpp"
#include "tests/providers/wmi/events/event_replies.hpp"

namespace fairway::wmi {

using Strings = std::vector<std::string>;
using Records = std::vector<std::uint64_t>;
using Answer = std::function<Result<std::string>(const std::string& id)>;

inline Answer body(const std::string& text, const std::string& header = "") {
    return [=](const std::string& id) -> Result<std::string> { return with_header(reply(id, text), header); };
}

inline Answer lost() {
    return [](const std::string&) -> Result<std::string> { return fail(Code::unreachable, "the connection is gone"); };
}

inline Answer raw(const std::string& text) {
    return [=](const std::string&) -> Result<std::string> { return text; };
}

class Played : public Channel {
public:
    explicit Played(std::deque<Answer> answers) : answers_(std::move(answers)) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        const std::string text(soap);
        const std::string action = between(text, "<a:Action s:mustUnderstand=\"true\">", "<");
        asked.push_back(action.substr(action.rfind('/') + 1));
        CHECK((repeat == Repeat::safe) == (asked.back() == "Subscribe"));
        sent.push_back(text);
        REQUIRE_MESSAGE(!answers_.empty(), "asked more than was expected: ", text);
        const Answer answer = answers_.front();
        answers_.pop_front();
        return answer(id_of(text));
    }
    std::string endpoint() const override { return "http://h:5985/wsman"; }
    std::size_t left() const { return answers_.size(); }

    Strings asked, sent;

private:
    std::deque<Answer> answers_;
};

inline Records records(const EventPage& page) {
    Records out;
    for (const Event& event : page.events) out.push_back(event.record);
    return out;
}

inline const EventQuery of_vmms{.channels = {vmms}};

}  // namespace fairway::wmi
