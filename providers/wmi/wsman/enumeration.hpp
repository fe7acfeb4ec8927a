// What is the next request of an enumeration, and what has come so far? A value without I/O: whoever has a
// connection asks next(), sends, and hands the answer to take(); one loop of many hosts can drive many.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/wmi/wsman/channel.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {

class Enumeration {
public:
    Enumeration(std::string to, std::string resource, soap::Query query);

    // Empty: there is nothing more to send; see result().
    std::optional<Request> next();
    void take(const Result<std::string>& answer);
    // Once next() is empty: all instances, or what went wrong.
    Result<std::vector<cim::Instance>> result() &&;
    // Bytes of its answers, or of what was made of them where that is more; none once it has failed.
    std::size_t held() const { return held_; }

private:
    enum class State { start, more, releasing, done };

    Result<std::string> write();
    void take_batch(const Result<std::string>& answer);
    void stop(Error error);

    std::string to_, resource_;
    soap::Query query_;
    State state_ = State::start;
    std::string id_, context_;
    int fruitless_ = 0;  // answers in a row that brought nothing
    int restarts_ = 0;
    std::size_t held_ = 0;
    std::vector<cim::Instance> instances_;
    std::optional<Error> error_;
};

}  // namespace fairway::wmi
