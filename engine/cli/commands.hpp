// One function for each row of the command table.
#pragma once

#include <set>

#include "engine/cli/answer.hpp"
#include "engine/cli/options.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway::cli {

// commands_read.cpp: these hold at most a Reader.
Answer check(const Request& request, const Stage& stage);
Answer schema(const Request& request, const Stage& stage);
Answer settings(const Request& request, const Stage& stage);
Answer init(const Request& request, const Stage& stage);      // commands_init.cpp
Answer config(const Request& request, const Stage& stage);    // commands_config.cpp
Answer explain(const Request& request, const Stage& stage);   // commands_explain.cpp
Answer diagnose(const Request& request, const Stage& stage);  // commands_diagnose.cpp
Answer audit(const Request& request, const Stage& stage);
Answer watch_estate(const Request& request, const Stage& stage);  // commands_watch.cpp
Answer plan(const Request& request, const Stage& stage);          // commands_plan.cpp
// The same of changes of these addresses alone, where they are given.
Answer plan_only(const Request& request, const Stage& stage, const std::set<Address>* only);
Answer diff(const Request& request, const Stage& stage);  // commands_diff.cpp
Answer show(const Request& request, const Stage& stage);
Answer probe(const Request& request, const Stage& stage);
Answer rehearse(const Request& request, const Stage& stage);  // commands_rehearse.cpp
Answer spn(const Request& request, const Stage& stage);
Answer export_policy(const Request& request, const Stage& stage);  // commands_export.cpp
Answer blame(const Request& request, const Stage& stage);
Answer history(const Request& request, const Stage& stage);
Answer completion(const Request& request, const Stage& stage);  // commands_installed.cpp
Answer manual(const Request& request, const Stage& stage);
Answer version(const Request& request, const Stage& stage);

// commands_write.cpp
Answer apply(const Request& request, const Stage& stage);
Answer verify(const Request& request, const Stage& stage);
Answer prepare(const Request& request, const Stage& stage);  // commands_prepare.cpp: verify --prepare and --remove
Answer rollback(const Request& request, const Stage& stage);
Answer break_glass(const Request& request, const Stage& stage);    // commands_break_glass.cpp
Answer extend(const Request& request, const Stage& stage);         // commands_expire.cpp: break-glass --extend
Answer install_timer(const Request& request, const Stage& stage);  // commands_install_timer.cpp
Answer expire(const Request& request, const Stage& stage);

}  // namespace fairway::cli
