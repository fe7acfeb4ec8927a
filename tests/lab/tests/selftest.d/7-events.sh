# The event log: subscribe, pull, wait, go on from a bookmark, and what a failed move leaves there.

EVENTING=http://schemas.xmlsoap.org/ws/2004/08/eventing
LOG=http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog
VMMS=Microsoft-Windows-Hyper-V-VMMS-Admin
h=hv02.$LAB_DOMAIN
in_log() { # in_log ACTION BODY [HEADERS]: a request to the event log.
    envelope "$1" "$LOG" '' "$2" "${3-}" | post "$h"
}
options() { # options [NAME VALUE]...: an empty value is nil.
    printf '<w:OptionSet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    while (($# > 1)); do
        if [[ -n $2 ]]; then printf '<w:Option Name="%s">%s</w:Option>' "$1" "$2"; else printf '<w:Option Name="%s" xsi:nil="true"/>' "$1"; fi
        shift 2
    done
    printf '</w:OptionSet>'
}
select_in() { # select_in CHANNEL XPATH
    printf '<Select Path="%s">%s</Select>' "$1" "$2"
}
subscribe() { # subscribe SELECTS [MORE-OF-e:Subscribe [OPTIONS]]
    in_log "$EVENTING/Subscribe" "<e:Subscribe xmlns:e=\"$EVENTING\"><e:Delivery Mode=\"${DELIVERY:-http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull}\"/><e:Expires>PT10M</e:Expires><w:Filter Dialect=\"${DIALECT:-http://schemas.microsoft.com/win/2004/08/events/eventquery}\"><QueryList><Query Id=\"0\">$1</Query></QueryList></w:Filter>${2-}</e:Subscribe>" "${3-}"
}
pull_events() { # pull_events CONTEXT [COUNT [MAX-TIME]]
    in_log "$ENUM/Pull" "<n:Pull><n:EnumerationContext>$1</n:EnumerationContext><n:MaxTime>${3:-PT0.300S}</n:MaxTime><n:MaxElements>${2:-100}</n:MaxElements></n:Pull>"
}
context_of() { element EnumerationContext; }
ids() { grep -o '<EventID>[0-9]*' | grep -o '[0-9]*' | paste -sd' '; }
event() { lab_says hv02 event "$1" >/dev/null; }
existing=$(options ReadExistingEvents true)

reply=$(subscribe "$(select_in $VMMS '*')" '<w:SendBookmarks/>' "$existing")
expect "Subscribe answers with a manager and a context" '<e:SubscriptionManager>.*<e:Identifier>[0-9A-F-]{36}<.*<n:EnumerationContext>uuid:' "$reply"
id=$(element Identifier <<<"$reply")
reply=$(pull_events "$(context_of <<<"$reply")")
expect "Pull gives what there is" '<w:Event Action="[^"]*wsman/Event"><Event xmlns=.http://schemas.microsoft.com/win/2004/08/events/event.>' "$reply"
expect "the events of the boot" '^14094 27311' "$(ids <<<"$reply")"
expect "in Windows' words" "<Provider Name='Microsoft-Windows-Hyper-V-VMMS'/><EventID>14094<.*<TimeCreated SystemTime='20[0-9T:.-]+Z'/><EventRecordID>1<.*<Channel>$VMMS</Channel><Computer>$h<" "$reply"
expect "raw, without rendering" '</EventData></Event></w:Event>' "$reply"
expect "the header has a bookmark" "<s:Header>.*<w:Bookmark><BookmarkList><Bookmark Channel=\"$VMMS\" RecordId=\"[0-9]+\" IsCurrent=\"true\"/></BookmarkList></w:Bookmark>.*</s:Header>" "$reply"
bookmark=$(grep -o '<w:Bookmark>.*</w:Bookmark>' <<<"$reply")
next=$(context_of <<<"$reply")
expect "nothing new before MaxTime is TimedOut" 'w:TimedOut.*Code="2150858793"' "$(pull_events "$next")"
(sleep 0.5; event '{"id": 901, "message": "later"}') &
expect "a Pull that waits gets what comes" '^901$' "$(pull_events "$next" 100 PT60S | ids)"
wait $!
event '{"id": 902, "message": "a <b> & c", "data": {"VmName": "x"}, "level": 2}'
reply=$(subscribe "$(select_in $VMMS '*')" "<w:SendBookmarks/>$bookmark" "$(options ContentFormat RenderedText CDATA '')")
reply=$(pull_events "$(context_of <<<"$reply")")
expect "a bookmark goes on where it was set" '^901 902$' "$(ids <<<"$reply")"
expect "rendered, in CDATA" '<!\[CDATA\[<Event .*<Data Name=.VmName.>x</Data>.*<RenderingInfo Culture=.en-US.><Message>a &lt;b&gt; &amp; c</Message><Level>Error<' "$reply"
reply=$(subscribe "$(select_in $VMMS '*')" '<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>')
expect "the reserved bookmark is the beginning" '^14094$' "$(pull_events "$(context_of <<<"$reply")" 1 | ids)"
reply=$(subscribe "$(select_in $VMMS '*')")
expect "without either only new events come" 'w:TimedOut' "$(pull_events "$(context_of <<<"$reply")")"

chosen() { # chosen XPATH: the ids of VMMS-Admin's events that it selects.
    pull_events "$(subscribe "$(select_in $VMMS "$1")" '' "$existing" | context_of)" | ids
}
expect "by id" '^14094 902$' "$(chosen '*[System[(EventID=14094 or EventID=902)]]')"
expect "by provider" '^14094 27311 901 902$' "$(chosen "*[System[Provider[@Name='Microsoft-Windows-Hyper-V-VMMS']]]" | sed 's/20306.*21502 //')"
expect "by another provider" 'w:TimedOut' "$(pull_events "$(subscribe "$(select_in $VMMS "*[System[Provider[@Name='Nobody']]]")" '' "$existing" | context_of)")"
expect "by age" '^901 902$' "$(chosen '*[System[TimeCreated[timediff(@SystemTime) &lt;= 600000] and (EventID &gt;= 900 and EventID &lt; 1000)]]')"
expect "since a moment" '^902$' "$(chosen "*[System[EventID=902 and TimeCreated[@SystemTime&gt;='$(date -u -d '-10 min' +%FT%T).000Z']]]")"
expect "until a moment" '^14094 27311$' "$(chosen "*[System[TimeCreated[@SystemTime&lt;'$(date -u -d '-10 min' +%FT%T.000Z)']]]")"
expect "by level" '^902$' "$(chosen '*[System[Level=2 and EventID=902]]')"
expect "what is not understood is refused" 'CannotProcessFilter' "$(subscribe "$(select_in $VMMS '*[EventData[Data=1]]')")"
expect "several channels at once" '6005.*14094|14094.*6005' "$(pull_events "$(subscribe "$(select_in System '*')$(select_in $VMMS '*')" '' "$existing" | context_of)" | ids)"
expect "an unknown channel is an error" 'Code="15007"' "$(subscribe "$(select_in Nowhere '*')")"
expect "unless errors of channels are ignored" '^14094' \
    "$(pull_events "$(subscribe "$(select_in Nowhere '*')$(select_in $VMMS '*')" '' "$(options ReadExistingEvents true IgnoreChannelError '')" | context_of)" | ids)"
expect "push is refused" 'DeliveryModeRequestedUnavailable' "$(DELIVERY=http://schemas.xmlsoap.org/ws/2004/08/eventing/DeliveryModes/Push subscribe "$(select_in $VMMS '*')")"
expect "WQL is refused" 'FilteringRequestedUnavailable' "$(DIALECT=http://schemas.microsoft.com/wbem/wsman/1/WQL subscribe "$(select_in $VMMS '*')")"
expect "a bookmark that is none is refused" 'InvalidBookmark' "$(subscribe "$(select_in $VMMS '*')" '<w:Bookmark>x</w:Bookmark>')"
expect "Enumerate is not for logs" 'ActionNotSupported' "$(in_log "$ENUM/Enumerate" '<n:Enumerate/>')"

unsubscribe() {
    in_log "$EVENTING/Unsubscribe" "<e:Unsubscribe xmlns:e=\"$EVENTING\"/>" "<e:Identifier xmlns:e=\"$EVENTING\">$1</e:Identifier>"
}
expect "nobody renews" 'UnableToRenew' "$(in_log "$EVENTING/Renew" "<e:Renew xmlns:e=\"$EVENTING\"/>" "<e:Identifier xmlns:e=\"$EVENTING\">$id</e:Identifier>")"
expect "Unsubscribe is answered" 'eventing/UnsubscribeResponse<' "$(unsubscribe "$id")"
expect "and has ended it" 'InvalidMessage' "$(unsubscribe "$id")"

h=hv01.$LAB_DOMAIN
expect "a refused move is told by 20306, 21024 and 21502" '20306 21024 21502' "$(chosen '*[System[EventID&gt;=20000 and EventID&lt;22000]]')"
expect "with its code" '<Data Name=.ErrorCode.>0x8009030E<' "$(pull_events "$(subscribe "$(select_in $VMMS '*[System[EventID=20306]]')" '' "$existing" | context_of)")"
