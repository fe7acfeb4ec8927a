// Which causes come of several events together, for which hosts, and in which order?
#include "engine/diagnosis/diagnose.hpp"

#include <doctest/doctest.h>

namespace fairway::diagnose_test {

namespace {

constexpr const char* vm_id = "1E7EA419-51C9-480A-BCE2-A5AE8306D03B";

LogEvent vmms(std::uint32_t id, std::int64_t second, std::vector<const char*> values,
              const char* computer = "hv01.corp.example") {
    LogEvent out;
    out.provider = "Microsoft-Windows-Hyper-V-VMMS";
    out.computer = computer;
    out.id = id;
    out.level = id == 20413 || id == 20415 ? 4 : 2;
    out.time_us = (1'790'000'000 + second) * 1'000'000;
    for (const char* value : values) out.data.push_back({"", value});
    return out;
}

std::string said(const Diagnosis& diagnosis) {
    std::string out;
    for (const Cause& cause : diagnosis.causes)
        out += std::string(cause.row->id) + " " + (cause.from.empty() ? "?" : cause.from) + " " +
               (cause.to.empty() ? "?" : cause.to) + "\n";
    return out;
}

Diagnosis of(std::vector<LogEvent> events) { return diagnose(events, {}); }

}  // namespace

TEST_CASE("diagnose: a failure that a later move of the same VM made good is no cause") {
    std::vector<LogEvent> events = {vmms(20306, 0, {"HV02", "0x8009030E"}), vmms(21024, 1, {"app01", "HV01", vm_id})};
    CHECK(said(of(events)) == "auth-delegation HV01 HV02\n");
    events.push_back(vmms(20415, 3000, {"other", "2E7EA419-51C9-480A-BCE2-A5AE8306D03B", "0.5"}));
    CHECK(said(of(events)) == "auth-delegation HV01 HV02\n");
    events.push_back(vmms(20415, 3600, {"app01", vm_id, "0.5"}));
    CHECK(said(of(events)).empty());
    CHECK(of(events).made_good == 1);
    events.push_back(vmms(20306, 7200, {"HV02", "0x8009030E"}));
    CHECK(said(of(events)) == "auth-delegation HV01 HV02\n");
}

TEST_CASE("diagnose: the fault at the destination comes before its consequence at the source") {
    LogEvent worker = vmms(3122, 8, {"erp03", "0x800705AA"}, "hv06.corp.example");
    worker.provider = "Microsoft-Windows-Hyper-V-Worker";
    const Diagnosis out = of({vmms(20413, 0, {"erp03", vm_id, "HV06"}), vmms(22038, 9, {"%%2147952454", "0x80072746"}),
                              worker, vmms(21024, 9, {"erp03", "HV01", vm_id})});
    CHECK(said(out) == "memory-short HV01 HV06\nconnection-reset HV01 HV06\n");
    CHECK(out.causes[1].proof == Proof::consequence);
}

TEST_CASE("diagnose: two faults are both named, the one with more evidence first") {
    LogEvent missing = vmms(21159, 200, {"Virtual Machine web02", "HV06"});
    missing.provider = "Microsoft-Windows-Hyper-V-High-Availability";
    const Diagnosis out =
        of({vmms(14050, -100'000, {"Microsoft Virtual System Migration Service"}, "hv02.corp.example"),
            vmms(20306, 0, {"HV02", "0x80090322"}), missing});
    CHECK(said(out) == "spn HV01 HV02\nswitch-missing HV01 HV06\n");
    CHECK(out.causes[0].evidence.size() == 2);
    // Another service's name that could not be registered is no cause of failed moves.
    CHECK(of({vmms(14050, 0, {"Hyper-V Replica Service"})}).causes.empty());
}

TEST_CASE("diagnose: a family has its members as candidates; a member that is proven stands for it") {
    const Diagnosis family = of({vmms(20306, 0, {"HV02", "0x80090322"})});
    CHECK(family.causes.front().proof == Proof::family);
    CHECK(family.causes.front().candidates ==
          std::vector<std::string>{"spn-missing", "spn-duplicate", "name-elsewhere"});
    CHECK(said(of({vmms(20306, 0, {"HV02", "0x80090322"}), vmms(20306, 60, {"HV02", "0x80090303"})})) ==
          "spn-missing HV01 HV02\n");
}

TEST_CASE("diagnose: a code that no row explains is shown, and one beside it that is explained decides") {
    const Diagnosis unknown = of({vmms(20306, 0, {"HV02", "0xDEAD0001"})});
    CHECK(unknown.causes.empty());
    REQUIRE(unknown.unexplained.size() == 1);
    CHECK(unknown.unexplained[0].find("0xDEAD0001") != std::string::npos);
    CHECK(said(of({vmms(20306, 0, {"HV02", "0x00000001", "0x80048054"})})) == "processor-differs HV01 HV02\n");
    CHECK(of({vmms(20306, 0, {"HV02", "0xDEAD0001", "0x80048054"})}).unexplained.empty());
    // Of two that are explained, the one that proves more.
    CHECK(said(of({vmms(20306, 0, {"HV02", "0x80070057", "0x80070569"})})) == "logon-as-service-right HV01 HV02\n");
    CHECK(said(of({vmms(20306, 0, {"HV02", "0x80070569", "0x80070057"})})) == "logon-as-service-right HV01 HV02\n");
}

TEST_CASE("diagnose: access denied to a share is about the VM's files") {
    CHECK(said(of({vmms(20306, 0, {"HV02", "0x80070005"})})) == "access-denied HV01 HV02\n");
    CHECK(said(of({vmms(3040, 0, {"\\\\filer01\\vms\\a.vhdx", "0x80070005"})})) == "storage-access-denied HV01 ?\n");
    CHECK(said(of({vmms(20100, 0, {vm_id, "D:\\vms", "", "0x80070005"})})) == "storage-access-denied ? HV01\n");
}

TEST_CASE("diagnose: hosts by their short names, addresses whole") {
    CHECK(short_name("hv01.corp.example") == "HV01");
    CHECK(short_name("10.20.0.11") == "10.20.0.11");
    CHECK(short_name("") == "");
}

}  // namespace fairway::diagnose_test
