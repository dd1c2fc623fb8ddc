"""How strong the contract suite is: single changes of the document, the client and the simulator, and who notices."""
