// The operations of WS-Man as calls on typed values, over one channel, one after the other. It knows
// requests, faults and jobs, and no class of Hyper-V by name.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "providers/wmi/wsman/channel.hpp"
#include "providers/wmi/wsman/job.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {

// Time, as a parameter, so that tests need none.
struct Pace {
    using Moment = std::chrono::steady_clock::time_point;
    std::function<Moment()> now;
    std::function<void(std::chrono::milliseconds)> sleep;
    static Pace real();
};

inline constexpr std::chrono::minutes setting_deadline{5};
inline constexpr std::chrono::minutes move_deadline{30};

// Asks only. A dry run gets no more than this.
class Inquirer {
public:
    explicit Inquirer(Channel& channel) : channel_(&channel) {}

    Result<soap::Identity> identify();
    Result<cim::Instance> get(const cim::Reference& instance);
    Result<std::vector<cim::Instance>> enumerate(const std::string& resource, soap::Query query = {});
    // Why the last request got no answer at all, as opposed to a fault. Then asking for something else is no
    // use, and with a wrong password even harmful: accounts get locked.
    const std::optional<Error>& lost() const { return lost_; }

protected:
    Result<soap::Reply> exchange(const Result<std::string>& text, const std::string& id, Repeat repeat,
                                 std::string_view resource_uri);
    soap::Heading heading() const { return {channel_->endpoint(), soap::fresh_id()}; }

private:
    Result<std::string> carry(std::string_view text, Repeat repeat);

    Channel* channel_;
    std::optional<Error> lost_;
};

// A job that a method started, as it was seen from one look to the next (Client::look).
struct JobInView {
    cim::Reference job;
    std::string method;
    Pace::Moment give_up;
    std::vector<std::string> states = {};  // one after the other: "new", "running 12 %", "completed"
    int percent = -1;                      // of its work; -1: not seen yet
    int unanswered = 0;                    // looks in a row
    std::string id() const;
};

// What a method came to: its end, or a job that goes on.
using Begun = std::variant<JobEnd, JobInView>;

// Asks and acts.
class Client : public Inquirer {
public:
    Client(Channel& channel, Pace pace) : Inquirer(channel), pace_(std::move(pace)) {}

    struct Returned {
        std::uint64_t value = 0;
        cim::Instance outputs;
    };
    Result<Returned> invoke(const cim::Reference& target, std::string_view method,
                            std::span<const soap::Argument> arguments);
    // A method that ends at once or starts a job. Error: refused.
    Result<Begun> begin(const cim::Reference& target, std::string_view method,
                        std::span<const soap::Argument> arguments, std::chrono::milliseconds deadline);
    // One look at a job. Nothing: it goes on. Error: it failed, did not end in time, or cannot be asked any more.
    Result<std::optional<JobEnd>> look(JobInView& job);
    // begin(), and looks until the end.
    Result<JobEnd> perform(const cim::Reference& target, std::string_view method,
                           std::span<const soap::Argument> arguments, std::chrono::milliseconds deadline);
    // Looks until the end.
    Result<JobEnd> wait(JobInView job);
    const Pace& pace() const { return pace_; }

private:
    std::string complaint_of(const cim::Reference& job, const JobReport& report);

    Pace pace_;
};

}  // namespace fairway::wmi
