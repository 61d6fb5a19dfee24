-- The purchase cycle's lists by state, and what offsets an invoice.
CREATE INDEX invoice_state ON invoice(state, invoiced_on);
CREATE INDEX invoice_red_of ON invoice(red_of) WHERE red_of IS NOT NULL;
CREATE INDEX settlement_state ON settlement(state, created_at);
CREATE INDEX goods_return_state ON goods_return(state, returned_at);
