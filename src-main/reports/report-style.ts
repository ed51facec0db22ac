/** Style of the report's page: black on white, to be printed; statuses by shape and word, colour only beside them. */
export const REPORT_STYLE = `
@page { size: A4; margin: 14mm 13mm 16mm; }
* { box-sizing: border-box; margin: 0; }
body { max-width: 1000px; margin: 0 auto; padding: 20px; background: #fff; color: #14181d;
  font: 13px/1.45 Inter, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
header { display: flex; justify-content: space-between; gap: 20px; border-bottom: 2px solid #14181d; padding-bottom: 8px; }
header p { color: #4a5461; }
h1 { font-size: 25px; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 22px 0 6px; font-size: 15px; break-after: avoid; }
h2 small, td small { color: #55606d; font-weight: 400; font-size: 12px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(162px, 1fr)); gap: 4px 12px; margin: 14px 0 4px; }
dt { color: #55606d; font-size: 12px; } dd { margin: 0; font-size: 19px; font-weight: 560; white-space: nowrap; }
dd small { font-size: 12px; font-weight: 400; color: #55606d; }
table { width: 100%; border-collapse: collapse; } tr { break-inside: avoid; }
th { text-align: left; font-size: 12px; font-weight: 560; color: #55606d; border-bottom: 1px solid #7b8794; padding: 3px 8px 3px 0; }
td { padding: 3px 8px 3px 0; border-bottom: 1px solid #dde2e8; vertical-align: top; }
.causes > span { display: block; } .after { margin-top: 10px; }
.n { text-align: right; } .w { white-space: nowrap; }
.s { white-space: nowrap; } .s svg { vertical-align: -2px; margin-right: 5px; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 28px; }
.timeline { display: block; width: 100%; margin: 6px 0; }
.bar { display: flex; height: 18px; margin: 6px 0; border: 1px solid #4a5461; }
.bar i { display: block; height: 100%; }
.k { display: inline-block; width: 12px; height: 12px; border: 1px solid #4a5461; margin-right: 7px; vertical-align: -2px; }
.open { background: #5c6773; } .bad { background: #14181d; } .calibration { background: #a9b3bf; } .overhead { background: #dde2e8; }
.lost { background: repeating-linear-gradient(135deg, #fff 0 4px, #7b8794 4px 6px); }
.note { white-space: pre-wrap; border-left: 3px solid #7b8794; padding: 2px 0 2px 12px; }
footer { margin-top: 24px; padding-top: 6px; border-top: 1px solid #7b8794; color: #55606d; font-size: 12px; }
@media print { body { padding: 0; max-width: none; } .worst { display: block; } .page { break-before: page; } }
`;
