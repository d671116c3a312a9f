/* SPDX-License-Identifier: EUPL-1.2
 *
 * What each source says in the smallest messages that its reader takes, as
 * text to build from: for the tests of states and of what is not understood.
 */
#ifndef ENFRAGA_TESTS_WIRE_SAID_H
#define ENFRAGA_TESTS_WIRE_SAID_H

#define AF_NS                                                                  \
    "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2"
#define AF(x) "<a:Svar xmlns:a=\"" AF_NS "\">" x "</a:Svar>"
#define AF_ME                                                                  \
    "<a:IdentitetsbeteckningFysiskPerson>" PERSON                              \
    "</a:IdentitetsbeteckningFysiskPerson>"
#define AF_OK "<a:StatusSokandeinformationKod>0</a:StatusSokandeinformationKod>"
#define AF_INFO                                                                \
    "<a:ArbetssokandeInfo><a:Arbetssokande>false</a:Arbetssokande>"            \
    "</a:ArbetssokandeInfo>"

#define CSN(kod, persons)                                                      \
    "<CSNSvar><GemensamtSvarEkbistand><Resultat>" kod                          \
    "</Resultat></GemensamtSvarEkbistand><Personer>" persons                   \
    "</Personer></CSNSvar>"
#define CSN_OK "<ResultatKod>0</ResultatKod><ResultatText>ok</ResultatText>"
#define CSN_ME "<Person personnummer='8503129804' sekel='19'"
#define COUNTS(n)                                                              \
    "<Studiestodstypforteckning><studiemedel>" n                               \
    "</studiemedel><studiehjalp>0</studiehjalp><hemutrustningslan>0"           \
    "</hemutrustningslan></Studiestodstypforteckning>"
#define LISTS "<Studiemedel/><Studiehjalp/><HemutrustningsLan/>"
#define ARENDE                                                                 \
    "<Arende><stodform>GRUND</stodform><status>AVSLUTAD</status></Arende>"
#define ARENDEN(x)                                                             \
    "<Studiemedel><Arenden>" x "</Arenden></Studiemedel><Studiehjalp/>"        \
    "<HemutrustningsLan/>"

#define LEFI(rest)                                                             \
    "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{"          \
    "\"kod\":\"OK\"}},{\"utlamnare\":{\"kod\":\"PM\"},\"tillstand\":{"         \
    "\"kod\":\"OK\"}}]," rest "}"
#define GAP(list, what, kod, why)                                              \
    "\"avvikelser\":{\"" list "\":[{\"avvikelse\":{\"kod\":\"" why             \
    "\"},\"" what "\":{\"kod\":\"" kod "\"}}]}"

#define SKV(list)                                                              \
    "<svar "                                                                   \
    "xmlns=''><![CDATA[<SvarBeskattningsuppgifterEnligtSFS2008-975>" list      \
    "</SvarBeskattningsuppgifterEnligtSFS2008-975>]]></svar>"
#define SKV_ME                                                                 \
    "<Personuppgift><IdentitetsbeteckningFysiskPerson>" PERSON                 \
    "</IdentitetsbeteckningFysiskPerson></Personuppgift>"

#define SO_NS "xmlns:i='http://INT014.UBPService.Schemas'"
#define SO_ME                                                                  \
    "<i:IdentificationNumber " SO_NS ">" PERSON "</i:IdentificationNumber>"
#define SO_LIST(x)                                                             \
    "<i:ArbetsloshetsersattningLista " SO_NS ">" x                             \
    "</i:ArbetsloshetsersattningLista>"
#define FUND(status, rest)                                                     \
    "<i:Arbetsloshetsersattning><i:SvarandeOrganisation>F"                     \
    "</i:SvarandeOrganisation><i:StatusSvarandeOrganisation>" status           \
    "</i:StatusSvarandeOrganisation>" rest "</i:Arbetsloshetsersattning>"
#define SO_PAID                                                                \
    "<i:Utbetalningar><i:Utbetalningsdatum>2026-10-01</i:Utbetalningsdatum>"   \
    "<i:NettoEfterAvdrag>1</i:NettoEfterAvdrag></i:Utbetalningar>"

#define TNS(x)                                                                 \
    "<t:r xmlns:t='http://schema.transportstyrelsen.se/ssbtek/"                \
    "hamtauppgifterresponder/1'/>" x
#define TNS_NS                                                                 \
    " xmlns='http://schema.transportstyrelsen.se/ssbtek/"                      \
    "hamtauppgifterresponder/1'"

#define MIV(x) "<response xmlns=''>" x "</response>"
#define MIV_ME "<personnummer>" PERSON "</personnummer>"

#endif
