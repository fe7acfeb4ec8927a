// Answers of an event log for the tests, in the shapes that Windows was seen to send: events as CDATA within
// w:Event, the bookmark in the header.
#pragma once

#include <fmt/format.h>
#include <string>
#include <vector>

#include "providers/wmi/wsman/spaces.hpp"
#include "tests/providers/wmi/replies.hpp"

namespace fairway::wmi {

inline const std::string vmms = "Microsoft-Windows-Hyper-V-VMMS-Admin";

// As a host's VMMS logs: the parameters stand in UserData, not in EventData.
inline std::string vmms_event(std::uint64_t record, unsigned id = 20306, const std::string& channel = vmms) {
    return fmt::format(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
        "Name='Microsoft-Windows-Hyper-V-VMMS' Guid='{{6066F867-7CA1-4418-85FD-36E3F9C0600C}}'/><EventID>{}</EventID>"
        "<Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>"
        "<TimeCreated SystemTime='2026-11-22T14:48:21.6986159Z'/><EventRecordID>{}</EventRecordID><Correlation/>"
        "<Execution ProcessID='2604' ThreadID='1452'/><Channel>{}</Channel><Computer>HV01.corp.example</Computer>"
        "<Security UserID='S-1-5-18'/></System><UserData><VmlEventLog "
        "xmlns='http://www.microsoft.com/Windows/Virtualization/Events'><VmName>canary</VmName>"
        "<ErrorMessage>%%2148074254</ErrorMessage><ErrorCode>0x8009030E</ErrorCode></VmlEventLog></UserData></Event>",
        id, record, channel);
}

inline std::string cdata(const std::string& event) {
    return "<w:Event Action=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Event\">\n<![CDATA[" + event +
           "]]>\n</w:Event>";
}

inline std::string place(const std::string& channel, std::uint64_t record, bool current = true) {
    return fmt::format("<Bookmark Channel=\"{}\" RecordId=\"{}\"{}/>", channel, record,
                       current ? " IsCurrent=\"true\"" : "");
}

inline std::string bookmark_header(const std::string& places) {
    return places.empty() ? "" : "<w:Bookmark><BookmarkList>" + places + "</BookmarkList></w:Bookmark>";
}

// The envelope of reply(), with more in its header.
inline std::string with_header(std::string envelope, const std::string& more) {
    return envelope.insert(envelope.find("</s:Header>"), more);
}

inline std::string subscribed(const std::string& context = "ctx1", const std::string& identifier = "143DDA8B") {
    return "<e:SubscribeResponse xmlns:e='http://schemas.xmlsoap.org/ws/2004/08/eventing'><e:SubscriptionManager>"
           "<a:Address>http://h:5985/wsman</a:Address><a:ReferenceProperties><e:Identifier>" +
           identifier +
           "</e:Identifier></a:ReferenceProperties></e:SubscriptionManager><e:Expires>PT0.0S</e:Expires>"
           "<n:EnumerationContext>" +
           context + "</n:EnumerationContext></e:SubscribeResponse>";
}

inline std::string pulled(const std::vector<std::string>& items, const std::string& context = "ctx2",
                          bool last = false) {
    return batch("PullResponse", "n", items, context, last);
}

inline std::string timed_out() {
    return fault_body("s:Receiver", "w:TimedOut", "The operation has timed out.",
                      wsman_fault("2150858793",
                                  "The WS-Management service cannot complete the operation within the time "
                                  "specified in OperationTimeout."));
}

}  // namespace fairway::wmi
